// Goroutines that let all others run: runtime.Gosched.
//
// Config: GOMAXPROCS=1. The clock starts when all have run up to their first
// Gosched.

package main

import (
	"runtime"
	"time"
)

func switches(b *bench, ops int) {
	each := ops / b.size
	if each < 1 {
		each = 1
	}
	left := b.size // one thread: no atomics needed
	done := make(chan struct{})
	for i := 0; i < b.size; i++ {
		go func() {
			for j := 0; j <= each; j++ {
				runtime.Gosched()
			}
			if left--; left == 0 {
				close(done)
			}
		}()
	}
	runtime.Gosched()
	cpu, begin := benchCPU(), time.Now()
	<-done
	b.took(time.Since(begin), benchCPU()-cpu, each*b.size)
}

func main() {
	benchOpen().runOwn(switches)
}
