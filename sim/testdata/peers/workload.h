// The two workloads' parameters, their random draws and the line of figures,
// shared by the programs that run them on other simulators.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace workload {

// PHOLD (Fujimoto, "Performance of Time Warp under synthetic workloads", 1990):
// each event schedules one at a uniform node after a delay.
constexpr double kLookahead = 0.1;  // s
constexpr double kMean = 1.0;       // s, of the exponential part

// Push gossip of one rumor: infect forever.
constexpr int kFanout = 3;
constexpr double kInterval = 1.0;     // s, first at a random phase
constexpr double kLatencyMin = 0.010;  // s
constexpr double kLatencyMax = 0.100;  // s
constexpr double kLoss = 0.01;

// SplitMix64: as cheap as can be, so that the kernel is what is measured.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Word() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // In [0, n).
  uint32_t Below(uint32_t n) { return uint32_t((Word() >> 32) * n >> 32); }
  // In [0, 1).
  double Unit() { return double(Word() >> 11) * 0x1p-53; }

  double Delay() { return kLookahead - kMean * std::log1p(-Unit()); }
  double Latency() { return kLatencyMin + (kLatencyMax - kLatencyMin) * Unit(); }
  bool Lost() { return Unit() < kLoss; }
  // A node other than self.
  uint32_t Partner(uint32_t self, uint32_t nodes) {
    uint32_t p = Below(nodes - 1);
    return p < self ? p : p + 1;
  }

 private:
  uint64_t state_;
};

// What the command line asks for.
struct Options {
  std::string workload;  // phold or gossip
  uint32_t nodes = 1000;
  uint64_t events = 1000000;  // phold ends after so many
  std::string variant;        // the scheduler, or the way to make an event
  uint64_t seed = 1;
};

inline Options Parse(int argc, char** argv, const char* variant) {
  Options o;
  o.variant = variant;
  if (argc > 1) o.workload = argv[1];
  bool ok = (o.workload == "phold" || o.workload == "gossip") && argc % 2 == 0;
  for (int i = 2; ok && i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    if (flag == "--nodes") o.nodes = uint32_t(std::strtoul(argv[i + 1], nullptr, 10));
    else if (flag == "--events") o.events = std::strtoull(argv[i + 1], nullptr, 10);
    else if (flag == "--variant") o.variant = argv[i + 1];
    else if (flag == "--seed") o.seed = std::strtoull(argv[i + 1], nullptr, 10);
    else ok = false;
  }
  if (!ok || o.nodes < 2 || o.events < 1) {
    std::fprintf(stderr, "usage: %s phold|gossip [--nodes N] [--events E] [--variant V] [--seed S]\n", argv[0]);
    std::exit(2);
  }
  return o;
}

// Times the run loop and nothing else.
class Stopwatch {
 public:
  double Seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

inline void Report(const Options& o, const char* simulator, uint64_t events, double seconds) {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"simulator\": \"%s\", \"variant\": \"%s\", \"workload\": \"%s\", \"nodes\": %u, \"workers\": 1, "
      "\"events\": %llu, \"seconds\": %.3f, \"events_per_second\": %.0f, \"peak_resident_bytes\": %lld}\n",
      simulator, o.variant.c_str(), o.workload.c_str(), o.nodes, (unsigned long long)events, seconds,
      double(events) / seconds, (long long)usage.ru_maxrss * 1024);
}

}  // namespace workload
