// Package gossip spreads rumors.
package gossip

import _ "meshsim/sim" // want layer
