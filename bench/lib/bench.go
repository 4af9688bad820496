// What Go programs of the bench share; lib/bench.h says what they print.
//
// GOMAXPROCS is 1: one thread runs goroutines, as with every other program. The
// collector runs as it does by default.

package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type bench struct {
	name   string // the case
	size   int    // the case as a number, 0 if it is none
	ops    int    // of a slice
	warm   int
	slices int
	ns     []float64
	cpu    []float64
}

func benchOpen() *bench {
	runtime.GOMAXPROCS(1)
	number := func(i, otherwise int) int {
		if i < len(os.Args) {
			if value, err := strconv.Atoi(os.Args[i]); err == nil {
				return value
			}
		}
		return otherwise
	}
	b := &bench{name: "-", size: number(1, 0), ops: number(2, 1000)}
	if len(os.Args) > 1 {
		b.name = os.Args[1]
	}
	b.warm = number(3, b.ops/10)
	b.slices = number(4, 1)
	return b
}

func benchCPU() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano() + usage.Stime.Nano())
}

// slice times one call of run, which does some operations and returns how many.
func (b *bench) slice(run func(b *bench, ops int) int) {
	cpu, begin := benchCPU(), time.Now()
	ops := float64(run(b, b.ops))
	b.ns = append(b.ns, float64(time.Since(begin).Nanoseconds())/ops)
	b.cpu = append(b.cpu, (benchCPU()-cpu)/ops)
}

func benchMedian(values []float64) float64 {
	sort.Float64s(values)
	n := len(values)
	return (values[n/2] + values[(n-1)/2]) / 2
}

func (b *bench) print() {
	fmt.Printf("ns_per_op=%.4f cpu_ns_per_op=%.4f ops=%d\n",
		benchMedian(b.ns), benchMedian(b.cpu), b.ops)
}

func (b *bench) run(run func(b *bench, ops int) int) {
	if b.warm > 0 {
		run(b, b.warm)
	}
	for i := 0; i < b.slices; i++ {
		b.slice(run)
	}
	b.print()
}

// A field of /proc/self/status, VmRSS, VmHWM …, in bytes.
func benchMemory(field string) float64 {
	text, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, field+":") {
			kib, _ := strconv.Atoi(strings.Fields(line)[1])
			return float64(kib) * 1024
		}
	}
	return 0
}

// took is for a function that times what counts by itself, once per call.
func (b *bench) took(wall time.Duration, cpu float64, ops int) {
	b.ns = append(b.ns, float64(wall.Nanoseconds())/float64(ops))
	b.cpu = append(b.cpu, cpu/float64(ops))
}

func (b *bench) runOwn(run func(b *bench, ops int)) {
	if b.warm > 0 {
		run(b, b.warm)
	}
	b.ns, b.cpu = nil, nil
	for i := 0; i < b.slices; i++ {
		run(b, b.ops)
	}
	b.print()
}
