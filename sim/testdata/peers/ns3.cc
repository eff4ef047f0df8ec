// The workloads on ns-3: plain events, no nodes, no network stack.
//
// The variant is ns-3's scheduler: heap, map, calendar or priority.

#include <vector>

#include "ns3/core-module.h"
#include "workload.h"

namespace {

struct Run {
  workload::Options options;
  workload::Random random;
  uint64_t events = 0;

  ns3::Time Seconds(double s) { return ns3::NanoSeconds(int64_t(s * 1e9)); }
};

struct Phold : Run {
  std::vector<uint64_t> handled;

  explicit Phold(const workload::Options& o) : Run{o, workload::Random(o.seed)}, handled(o.nodes) {}

  void Begin() {
    for (uint32_t i = 0; i < options.nodes; i++) ScheduleAt(i);
  }
  void ScheduleAt(uint32_t node) {
    ns3::Simulator::Schedule(Seconds(random.Delay()), &Phold::Handle, this, node);
  }
  void Handle(uint32_t node) {
    handled[node]++;
    if (++events == options.events) ns3::Simulator::Stop();
    ScheduleAt(random.Below(options.nodes));
  }
};

struct Gossip : Run {
  std::vector<uint8_t> knows;
  uint32_t known = 0;

  explicit Gossip(const workload::Options& o) : Run{o, workload::Random(o.seed)}, knows(o.nodes) {}

  void Begin() {
    Learn(0);
    for (uint32_t i = 0; i < options.nodes; i++)
      ns3::Simulator::Schedule(Seconds(random.Unit() * workload::kInterval), &Gossip::Tick, this, i);
  }
  void Learn(uint32_t node) {
    if (knows[node]) return;
    knows[node] = 1;
    if (++known == options.nodes) ns3::Simulator::Stop();
  }
  void Tick(uint32_t node) {
    events++;
    for (int i = 0; knows[node] && i < workload::kFanout; i++) {
      const uint32_t to = random.Partner(node, options.nodes);
      if (random.Lost()) continue;
      ns3::Simulator::Schedule(Seconds(random.Latency()), &Gossip::Receive, this, to);
    }
    ns3::Simulator::Schedule(Seconds(workload::kInterval), &Gossip::Tick, this, node);
  }
  void Receive(uint32_t node) {
    events++;
    Learn(node);
  }
};

void UseScheduler(const std::string& variant) {
  static const struct {
    const char *variant, *type;
  } schedulers[] = {{"heap", "ns3::HeapScheduler"},
                    {"map", "ns3::MapScheduler"},
                    {"calendar", "ns3::CalendarScheduler"},
                    {"priority", "ns3::PriorityQueueScheduler"}};
  for (const auto& s : schedulers) {
    if (variant != s.variant) continue;
    ns3::ObjectFactory factory;
    factory.SetTypeId(s.type);
    ns3::Simulator::SetScheduler(factory);
    return;
  }
  std::fprintf(stderr, "no scheduler %s; use heap, map, calendar or priority\n", variant.c_str());
  std::exit(2);
}

template <class Workload>
void Measure(const workload::Options& o) {
  Workload w(o);
  w.Begin();
  const workload::Stopwatch watch;
  ns3::Simulator::Run();
  workload::Report(o, "ns-3", w.events, watch.Seconds());
  // The process ends here: destroying the events that are left is not measured.
}

}  // namespace

int main(int argc, char** argv) {
  const workload::Options o = workload::Parse(argc, argv, "heap");
  // Fixing the resolution now stops ns-3 from recording every Time it makes.
  ns3::Time::SetResolution(ns3::Time::NS);
  UseScheduler(o.variant);
  if (o.workload == "phold") Measure<Phold>(o);
  else Measure<Gossip>(o);
  std::fflush(stdout);
  std::_Exit(0);
}
