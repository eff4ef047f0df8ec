package task

import "meshsim/protocols"

// DropRunning makes the node forget what runs on it.
func (w *Worker) DropRunning() {
	for i := range w.cores {
		if w.cores[i].task != nil {
			w.cores[i] = run{}
			w.running--
		}
	}
}

// ForgetGives makes the node forget hand-overs under way.
func (w *Worker) ForgetGives() { w.gives = nil }

// ForgetLedger makes the node forget what others have that it answers for.
func (w *Worker) ForgetLedger() { w.ledger = nil }

// ForgetAnswers makes the node forget which hand-overs it has answered.
func (w *Worker) ForgetAnswers() { w.recent = nil }

// Push puts a task into the queue, whatever it needs.
func (w *Worker) Push(t *Task) { w.queue.push(t) }

// SpawnEarly lets all parts enter that wait for others.
func (w *Worker) SpawnEarly(env *protocols.Env) {
	for _, j := range w.joins {
		for i, t := range j.parts {
			if !j.ready(i) {
				w.spawn(env, j, t)
			}
		}
	}
}

// InventDone calls a task done that has not run.
func (w *Worker) InventDone(env *protocols.Env, t *Task) { w.done(env, t) }

// InventReport tells the origin that a task is done, and nobody else.
func (w *Worker) InventReport(env *protocols.Env, t *Task) { w.report(env, t, KindReport) }
