// Package balance is sender-initiated load balancing of the tasks of package
// task, with thresholds (Eager, Lazowska and Zahorjan, "Adaptive Load Sharing in
// Homogeneous Distributed Systems", IEEE TSE 12(5), 1986).
//
// The load of a node is the work ahead of its cores, what is left of running tasks
// included, as a share of the time at which a node counts as full. Every interval a
// node reports its load, to neighbours or by gossip, which aggregates: it passes on
// the seven least loads that are known of others. A node above the high threshold
// migrates tasks to nodes below the low one.
//
//	     load > high                     load <= high - hysteresis
//	calm ----------------> heavy: migrates ----------------> calm
//
// Five things keep tasks from going to and fro. A heavy node sheds load until it
// is below high by the hysteresis. A node refuses a task that would bring it
// above that level. What was migrated stays for the cool-down, or runs. A task
// goes only where it ends sooner, the time on the wire included. And as reports
// are old when they arrive, a task goes to the less loaded of two light nodes drawn
// at random, or all heavy nodes would bury the one that is known to have least.
//
// A hand-over is that of package task: acknowledged, tried again, and taken back
// at the end. Whoever did not answer is left alone for a time that doubles.
// A node that may not write reports that it takes nothing, and migrates nothing.
//
//	message  to                     when
//	report   fanout nodes           every interval
//	give     one node below low     every interval, by a heavy node
//	taken    whoever gave           at once
//
// Cost: fanout messages a node and interval; memory for 64 peers, and for what
// was migrated here within the cool-down. Left out: receivers that ask for tasks
// (package worksteal), and what others offer: who lacks what a task needs refuses.
package balance
