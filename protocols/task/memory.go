package task

// FreeMemory is what running tasks leave of the node's memory, in bytes; 0 if the
// memory has no limit.
func (w *Worker) FreeMemory() int64 { return w.Memory - min(w.memory, w.Memory) }
