// echo/go.go PORT BUFFER - Go
//
// Config: a goroutine for every connection, a buffer of BUFFER bytes each;
// GOMAXPROCS=1. The net package sets TCP_NODELAY.
package main

import (
	"net"
	"os"
	"runtime"
	"strconv"
)

func echo(peer net.Conn, size int) {
	defer peer.Close()
	buffer := make([]byte, size)
	for {
		got, err := peer.Read(buffer)
		if err != nil {
			return
		}
		if _, err = peer.Write(buffer[:got]); err != nil {
			return
		}
	}
}

func main() {
	runtime.GOMAXPROCS(1)
	size := 4096
	if len(os.Args) > 2 {
		size, _ = strconv.Atoi(os.Args[2])
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:"+os.Args[1])
	if err != nil {
		panic(err)
	}
	for {
		peer, err := listener.Accept()
		if err == nil {
			go echo(peer, size)
		}
	}
}
