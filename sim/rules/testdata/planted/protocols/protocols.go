// Package protocols is the contract.
package protocols

import _ "meshsim/protocols/draw"

// Default belongs to nobody.
var Default = 1

// Figures are what probes record.
type Figures struct{}
