package sim

import (
	"context"     // want import
	"sync"        // want import
	"sync/atomic" // want import
)

var counter atomic.Int64

func threads(c chan int, mu *sync.Mutex, _ context.Context) int {
	go mu.Lock() // want goroutine
	c <- 1       // want channel
	select {     // want channel
	case <-c: // want channel
	default:
	}
	for range c { // want channel
	}
	d := make(chan int) // want channel
	close(d)            // want channel
	return <-c          // want channel
}
