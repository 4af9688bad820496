// Items through a goroutine and an unbuffered channel: what Go has for a
// producer with a stack of its own (range over functions came with Go 1.23).
//
// Config: unbuffered, GOMAXPROCS=1.

package main

func count(n int) <-chan int {
	items := make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			items <- i
		}
		close(items)
	}()
	return items
}

func items(b *bench, ops int) int {
	sum := 0
	for item := range count(ops) {
		sum += item
	}
	if sum < 0 {
		panic("sum")
	}
	return ops
}

func main() {
	benchOpen().run(items)
}
