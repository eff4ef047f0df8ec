package task

import "meshsim/protocols"

// metrics are the figures of all strategies. Times of tasks count from when they
// were asked for, and of parts of a task or job none count.
var metrics = []protocols.MetricSpec{
	{Name: "time_in_system", Form: protocols.Sample, Unit: "s", Doc: "time from when a task is asked for until it and all its parts are done; of very many tasks, every so many are kept"},
	{Name: "time_in_system_mean", Form: protocols.Scalar, Unit: "s", Doc: "mean time in system of all tasks done"},
	{Name: "time_in_system_p50", Form: protocols.Scalar, Unit: "s", Doc: "half of the tasks done took at most so long"},
	{Name: "time_in_system_p99", Form: protocols.Scalar, Unit: "s", Doc: "99% of the tasks done took at most so long"},
	{Name: "time_in_system_max", Form: protocols.Scalar, Unit: "s", Doc: "the longest that a task took that is done"},
	{Name: "waiting_time_mean", Form: protocols.Scalar, Unit: "s", Doc: "mean time from when a task is asked for until it begins to run"},
	{Name: "waiting_time_p99", Form: protocols.Scalar, Unit: "s", Doc: "99% of the tasks that ran waited at most so long"},
	{Name: "makespan", Form: protocols.Sample, Unit: "s", Doc: "time from when the first task is asked for until the last one is done; at the end of the run some may not be"},
	{Name: "completed", Form: protocols.Series, Unit: "ratio", Goal: true, Better: protocols.Larger, Doc: "share of the tasks asked for so far that are done"},
	{Name: "throughput", Form: protocols.Series, Unit: "1/s", Better: protocols.Larger, Doc: "tasks done a second, since the sample before"},
	{Name: "throughput_mean", Form: protocols.Scalar, Unit: "1/s", Better: protocols.Larger, Doc: "tasks done a second, from the end of the warm-up to the end of the run"},
	{Name: "open", Form: protocols.Series, Unit: "1", Doc: "tasks and parts that are not over"},
	{Name: "load_mean", Form: protocols.Series, Unit: "1", Better: protocols.Neither, Doc: "tasks that wait or run, mean over the nodes"},
	{Name: "load_max", Form: protocols.Series, Unit: "1", Doc: "tasks that wait or run on the node with most of them"},
	{Name: "load_variance", Form: protocols.Series, Unit: "1", Doc: "variance of the load over the nodes"},
	{Name: "fairness", Form: protocols.Series, Unit: "ratio", Better: protocols.Larger, Doc: "Jain's index of the load over the nodes: 1 if all have the same, 1/n if one has all; 1 without load"},
	{Name: "utilisation", Form: protocols.Scalar, Unit: "ratio", Better: protocols.Larger, Doc: "share of the time of all cores, of nodes as configured first, in which tasks ran to their end"},
	{Name: "utilisation_node", Form: protocols.Sample, Unit: "ratio", Better: protocols.Neither, Doc: "share of the time of a node's cores in which tasks ran to their end, one value a node"},
	{Name: "work_fairness", Form: protocols.Scalar, Unit: "ratio", Better: protocols.Larger, Doc: "Jain's index of the time for which each node's cores ran tasks"},
	{Name: "hot_spot", Form: protocols.Sample, Unit: "s", Doc: "how long a node was a hot spot, one for each time, as samples see it"},
	{Name: "hot_spot_node", Form: protocols.Sample, Unit: "1", Better: protocols.Neither, Doc: "the node that was a hot spot, in the order of task.hot_spot"},
	{Name: "tasks", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "tasks and jobs asked for"},
	{Name: "tasks_done", Form: protocols.Scalar, Unit: "1", Better: protocols.Larger, Doc: "tasks and jobs done, with all their parts"},
	{Name: "tasks_repeated", Form: protocols.Scalar, Unit: "1", Doc: "times that a task or part ran to its end which had done so before"},
	{Name: "tasks_lost", Form: protocols.Scalar, Unit: "1", Doc: "tasks and parts that are not over, and that nobody has or answers for any more"},
	{Name: "tasks_rejected", Form: protocols.Scalar, Unit: "1", Doc: "tasks and jobs that were given up, each with its reason"},
	{Name: "tasks_late", Form: protocols.Scalar, Unit: "1", Doc: "tasks that were done after their deadline"},
	{Name: "moves", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "times that a node took a task from another"},
	{Name: "moves_failed", Form: protocols.Scalar, Unit: "1", Doc: "times that a task could not be handed over"},
	{Name: "reclaimed", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "times that a task entered anew because nothing was heard of it"},
	{Name: "recovery_time", Form: protocols.Sample, Unit: "s", Doc: "time from a crash until all tasks are over that the node had or answered for"},
	{Name: "messages_per_task", Form: protocols.Scalar, Unit: "1", Doc: "messages of the protocol, of all kinds, for each task that ran"},
	{Name: "bytes_per_task", Form: protocols.Scalar, Unit: "B", Doc: "bytes of the protocol, of all kinds, for each task that ran"},
}
