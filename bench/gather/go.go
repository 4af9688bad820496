// N goroutines that store a number each, and a WaitGroup.
//
// Config: sync.WaitGroup, GOMAXPROCS=1.

package main

import "sync"

func gather(b *bench, ops int) int {
	count := b.size
	if count > ops {
		count = ops
	}
	results := make([]int64, count)
	done := 0
	for ; done < ops; done += count {
		var group sync.WaitGroup
		group.Add(count)
		for i := 0; i < count; i++ {
			go func(i int) {
				results[i] = int64(i)
				group.Done()
			}(i)
		}
		group.Wait()
		if results[count-1] != int64(count-1) {
			panic("results")
		}
	}
	return done
}

func main() {
	benchOpen().run(gather)
}
