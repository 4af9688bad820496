// Goroutines that sleep; cede.c says for how long.
//
// Config: time.Sleep, sync.WaitGroup, GOMAXPROCS=1.

package main

import (
	"fmt"
	"math/rand"
	"sync"
	"time"
)

func main() {
	b := benchOpen()
	chance := rand.New(rand.NewSource(1))
	var group sync.WaitGroup
	cpu, begin := benchCPU(), time.Now()
	group.Add(b.ops)
	for i := 0; i < b.ops; i++ {
		go func(delay time.Duration) {
			time.Sleep(delay)
			group.Done()
		}(time.Duration(chance.Int63n(int64(time.Second))))
	}
	group.Wait()
	fmt.Printf("wall=%d cpu=%.0f peak=%.0f ops=%d\n",
		time.Since(begin).Nanoseconds(), benchCPU()-cpu,
		benchMemory("VmHWM"), b.ops)
}
