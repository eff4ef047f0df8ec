// Command other has no place.
package main // want layer

func main() {}
