package sim

type kernel struct{ stop <-chan struct{} }

// cancelled is the one function that may look at a channel.
func (k *kernel) cancelled() bool {
	select {
	case <-k.stop:
		return true
	default:
		return false
	}
}

func (k *kernel) wait() {
	<-k.stop // want channel
}
