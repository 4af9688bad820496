// A goroutine, and a receive from a channel that it sends to when it is done.
//
// Config: one unbuffered channel for all, GOMAXPROCS=1.

package main

func spawn(b *bench, ops int) int {
	done := make(chan struct{})
	for i := 0; i < ops; i++ {
		go func() { done <- struct{}{} }()
		<-done
	}
	return ops
}

func main() {
	benchOpen().run(spawn)
}
