// http/go.go PORT - Go's net/http
//
// Config: its server as it is, with a handler; GOMAXPROCS=1.
package main

import (
	"io"
	"net/http"
	"os"
	"runtime"
)

func hello(answer http.ResponseWriter, request *http.Request) {
	if request.URL.Path != "/" {
		http.NotFound(answer, request)
		return
	}
	answer.Header().Set("Content-Type", "text/plain")
	io.WriteString(answer, "Hello, world!\n")
}

func main() {
	runtime.GOMAXPROCS(1)
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1],
		http.HandlerFunc(hello)))
}
