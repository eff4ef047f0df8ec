package sim

import (
	"fmt"
	"log"           // want io
	"os"            // want io
	"path/filepath" // want io
	"runtime"       // want import
	"strings"
	"unsafe" // want unsafe
)

type node struct {
	name  string
	table map[string]int
	next  *node
}

type named struct{ m map[string]int }

func (named) String() string { return "named" }

func machine(n *node, m map[string]int) error {
	log.Print(os.Args, filepath.Base(n.name), runtime.NumCPU(), unsafe.Sizeof(n))
	println(n.name)                     // want io
	fmt.Println(n.name)                 // want io
	_ = fmt.Sprint(m)                   // want print
	_ = fmt.Sprintf("%v", *n)           // want print
	_ = fmt.Sprintf("%v", machine)      // want print
	_ = fmt.Sprintf("%v", []*int{})     // want print
	_ = fmt.Sprintf("%p", n.name)       // want print
	_ = fmt.Sprintf("%v", named{m})     // it prints itself
	_ = fmt.Sprintf("%v", &[]int{1, 2}) // fmt follows the first pointer
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d", n.name, len(m))
	return fmt.Errorf("node %s: %w", n.name, os.ErrExist)
}
