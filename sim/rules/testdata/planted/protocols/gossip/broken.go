package gossip

var broken = undeclared // want types
