// The workloads on SimGrid.
//
// The variant is how an event is made: timers sets a kernel timer for each;
// actors (PHOLD only) has one actor for each event on its way, which sleeps.

#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u.hpp>
#include <vector>

#include "workload.h"

namespace sg4 = simgrid::s4u;

namespace {

// After calls f in so many seconds of simulated time.
template <class F>
void After(double seconds, F f) {
  simgrid::kernel::timer::Timer::set(sg4::Engine::get_clock() + seconds, f);
}

struct Run {
  workload::Options options;
  workload::Random random;
  uint64_t events = 0;
  workload::Stopwatch watch;

  // SimGrid cannot be told to stop while timers are set, so the process ends
  // here.
  [[noreturn]] void Finish() {
    workload::Report(options, "SimGrid", events, watch.Seconds());
    std::fflush(stdout);
    std::_Exit(0);
  }
};

struct Phold : Run {
  std::vector<uint64_t> handled;

  explicit Phold(const workload::Options& o) : Run{o, workload::Random(o.seed)}, handled(o.nodes) {}

  void Begin(sg4::Engine& engine) {
    if (options.variant != "actors") {
      for (uint32_t i = 0; i < options.nodes; i++) ScheduleAt(i);
      return;
    }
    sg4::Host* host = engine.get_netzone_root()->create_host("host", 1e9);
    engine.get_netzone_root()->seal();
    for (uint32_t i = 0; i < options.nodes; i++)
      sg4::Actor::create("event", host, [this, i] { Travel(i); });
  }
  void ScheduleAt(uint32_t node) {
    After(random.Delay(), [this, node] { Handle(node); });
  }
  void Handle(uint32_t node) {
    handled[node]++;
    if (++events == options.events) Finish();
    ScheduleAt(random.Below(options.nodes));
  }
  // An event on its way from node to node.
  [[noreturn]] void Travel(uint32_t node) {
    for (;;) {
      sg4::this_actor::sleep_for(random.Delay());
      handled[node]++;
      if (++events == options.events) Finish();
      node = random.Below(options.nodes);
    }
  }
};

struct Gossip : Run {
  std::vector<uint8_t> knows;
  uint32_t known = 0;

  explicit Gossip(const workload::Options& o) : Run{o, workload::Random(o.seed)}, knows(o.nodes) {}

  void Begin(sg4::Engine&) {
    Learn(0);
    for (uint32_t i = 0; i < options.nodes; i++)
      After(random.Unit() * workload::kInterval, [this, i] { Tick(i); });
  }
  void Learn(uint32_t node) {
    if (knows[node]) return;
    knows[node] = 1;
    if (++known == options.nodes) Finish();
  }
  void Tick(uint32_t node) {
    events++;
    for (int i = 0; knows[node] && i < workload::kFanout; i++) {
      const uint32_t to = random.Partner(node, options.nodes);
      if (!random.Lost()) After(random.Latency(), [this, to] { Receive(to); });
    }
    After(workload::kInterval, [this, node] { Tick(node); });
  }
  void Receive(uint32_t node) {
    events++;
    Learn(node);
  }
};

template <class Workload>
void Measure(sg4::Engine& engine, const workload::Options& o) {
  Workload w(o);
  w.Begin(engine);
  w.watch = workload::Stopwatch();
  engine.run();
}

}  // namespace

int main(int argc, char** argv) {
  const workload::Options o = workload::Parse(argc, argv, "timers");
  if (o.variant != "timers" && (o.variant != "actors" || o.workload != "phold")) {
    std::fprintf(stderr, "no variant %s; use timers, or actors with phold\n", o.variant.c_str());
    return 2;
  }
  int sgc = 4;
  char name[] = "peer", raw[] = "--cfg=contexts/factory:raw", stack[] = "--cfg=contexts/stack-size:16",
       quiet[] = "--log=root.thres:error";
  char* sgv[] = {name, raw, stack, quiet, nullptr};
  sg4::Engine engine(&sgc, sgv);
  sg4::create_full_zone("root");
  if (o.workload == "phold") Measure<Phold>(engine, o);
  else Measure<Gossip>(engine, o);
  std::fprintf(stderr, "the simulation ended before the workload did\n");
  return 1;
}
