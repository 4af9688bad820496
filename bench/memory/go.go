// Goroutines that wait for a channel.
//
// Config: stacks begin with 2 KiB and grow; after a collection.

package main

import (
	"fmt"
	"runtime"
)

func main() {
	b := benchOpen()
	never := make(chan struct{})
	resident, tables := benchMemory("VmRSS"), benchMemory("VmPTE")
	for i := 0; i < b.ops; i++ {
		go func() { <-never }()
	}
	runtime.Gosched()
	runtime.GC()
	count := float64(b.ops)
	resident = (benchMemory("VmRSS") - resident) / count
	tables = (benchMemory("VmPTE") - tables) / count
	fmt.Printf("bytes=%.1f tables=%.1f both=%.1f ops=%d\n", resident, tables,
		resident+tables, b.ops)
}
