package client

import "meshsim/protocols"

// Metrics are the figures that a [Probe] makes of the clients of a protocol.
var Metrics = []protocols.MetricSpec{
	{Name: "request_latency", Form: protocols.Sample, Unit: "s", Doc: "time from when an operation is asked for until its answer, waiting in the client included"},
	{Name: "request_latency_p50", Form: protocols.Scalar, Unit: "s", Doc: "half of the operations answered took at most so long"},
	{Name: "request_latency_p99", Form: protocols.Scalar, Unit: "s", Doc: "99% of the operations answered took at most so long"},
	{Name: "request_latency_max", Form: protocols.Scalar, Unit: "s", Doc: "the longest that an operation answered took"},
	{Name: "read_latency_p50", Form: protocols.Scalar, Unit: "s", Doc: "half of the gets answered took at most so long"},
	{Name: "read_latency_p99", Form: protocols.Scalar, Unit: "s", Doc: "99% of the gets answered took at most so long"},
	{Name: "write_latency_p50", Form: protocols.Scalar, Unit: "s", Doc: "half of the operations answered that are no gets took at most so long"},
	{Name: "write_latency_p99", Form: protocols.Scalar, Unit: "s", Doc: "99% of the operations answered that are no gets took at most so long"},

	{Name: "completed", Form: protocols.Series, Unit: "ratio", Goal: true, Better: protocols.Larger, Doc: "share of the operations asked for so far that were answered"},
	{Name: "offered", Form: protocols.Series, Unit: "1/s", Better: protocols.Neither, Doc: "operations asked for a second, since the sample before"},
	{Name: "throughput", Form: protocols.Series, Unit: "1/s", Better: protocols.Larger, Doc: "operations answered a second, since the sample before"},
	{Name: "goodput", Form: protocols.Series, Unit: "1/s", Better: protocols.Larger, Doc: "operations answered a second within the time-out of an attempt, since the sample before"},
	{Name: "outstanding", Form: protocols.Series, Unit: "1", Doc: "operations asked for and neither answered nor given up"},

	{Name: "goodput_peak", Form: protocols.Scalar, Unit: "1/s", Better: protocols.Larger, Doc: "the highest goodput between two samples: with a ramp, where the replicas saturate"},
	{Name: "throughput_mean", Form: protocols.Scalar, Unit: "1/s", Better: protocols.Larger, Doc: "operations answered a second, from the end of the warm-up to the end of the run"},
	{Name: "operations", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "operations asked for"},
	{Name: "operations_completed", Form: protocols.Scalar, Unit: "1", Better: protocols.Larger, Doc: "operations answered; a compare-and-swap that found another value counts"},
	{Name: "operations_failed", Form: protocols.Scalar, Unit: "1", Doc: "operations given up, or forgotten at a crash of the client"},
	{Name: "operations_dropped", Form: protocols.Scalar, Unit: "1", Doc: "operations that found the client's queue full"},
	{Name: "retries", Form: protocols.Scalar, Unit: "1", Doc: "attempts beyond the first of each operation"},
	{Name: "outages", Form: protocols.Scalar, Unit: "1", Doc: "times longer than the client's outage in which nothing was answered though something was asked"},
	{Name: "outage_total", Form: protocols.Scalar, Unit: "s", Doc: "all outages together"},
	{Name: "outage_longest", Form: protocols.Scalar, Unit: "s", Doc: "the longest time, outage or not, in which nothing was answered though something was asked"},
	{Name: "messages_per_operation", Form: protocols.Scalar, Unit: "1", Doc: "messages of the protocol, of all kinds, for each operation answered"},
	{Name: "bytes_per_operation", Form: protocols.Scalar, Unit: "B", Doc: "bytes of the protocol, of all kinds, for each operation answered"},
}
