// Package discovery lets nodes join a mesh, learn of peers and keep up links with a
// few of them, so that the mesh stays one whatever fails:
//
//   - Partial views: HyParView (Leitao, Pereira, Rodrigues, "HyParView: a membership
//     protocol for reliable gossip-based broadcast", DSN 2007), with the aged entries
//     of Cyclon (Voulgaris, Gavidia, van Steen, "CYCLON: inexpensive membership
//     management for unstructured P2P overlays", JNSM 13(2), 2005).
//   - Nearer neighbours: X-BOT (Leitao, Marques, Pereira, Rodrigues, "X-BOT: a
//     protocol for resilient optimization of unstructured overlays", SRDS 2009).
//   - Bootstrap through seeds, signed announcements, reputation: own.
//
// # Words
//
//	active view   the neighbours: peers that the node has a link to, and they to it
//	passive view  peers that it knows besides, to replace neighbours
//	seed          a node by whose name others join; apart from that, one like all
//	announcement  what a node says of itself, signed, numbered and of limited life
//
// # Joining
//
//	        spread           welcome, or accept
//	idle ----------> joining -----------------> joined ----> left
//	  ^                | ^ |                       |  leave    |
//	  |   no answer,   +-+ +-- redirect: ask       |           |
//	  |   back off         one of those instead    | nobody left whom it knows
//	  |                ^                           |           |
//	  |                +---------------------------+           |
//	  +---------------------------- enter ---------------------+
//
// A seed takes part at once and joins through another one, again and again, so that
// parts of a mesh find each other. A node lets join_limit others in each second, and
// sends the rest on to its peers: so in a storm each of those who got in lets others
// in, and a seed answers each node once or a few times, whatever the storm's size.
// It queues nobody.
//
// # Messages
//
//	join           own announcement            to a seed, or to whom it was sent on
//	welcome        peers                       you are in, and we are linked
//	redirect       peers                       ask one of these
//	forward-join   who joins, steps            from the contact to its neighbours, and on
//	neighbour      own announcement, urgency   asks for a link: to replace one, or at a walk's end
//	accept         own announcement            and gives it; reject refuses it
//	disconnect     -                           there is no link between us
//	keep-alive     -                           to each neighbour, each keep_alive
//	announce       own announcement            to each neighbour, each announce, and when it leaves
//	walk           own announcement, steps     each shuffle: to a neighbour, and on
//	shuffle        peers, reports              from the walk's end to who sent it out
//	shuffle-reply  peers, reports              and back
//	probe, probed  number                      to measure; and to peers that failed: are you back?
//	swap, replace, switch                      see Swap
//	switched, replaced, swapped                the answers
//	proof          liar, its list              from who caught it to its neighbours, and on
//	leave, enter   -                           from outside
//
// All end with a CRC-32C. Links are authentic, so what concerns two nodes alone is not
// signed. Announcements are, since others pass them on, and so are lists of peers,
// since they may have to be shown to others.
//
// # What is kept and what may break
//
// Nothing is on disk. A node that restarts joins anew. The numbers of its
// announcements are those of its clock; if that was set back it meets its own old
// announcement some day, and goes above that.
//
// A link is given up by who hears nothing of the other end for the timeout, who needs
// the room, or who is told. Whoever has no link answers a keep-alive with disconnect.
// So a link that only one end believes in lasts no longer than the timeout.
//
// A failed peer is asked now and then whether it is back, and then linked with even
// if another neighbour has to go: behind a partition that heals are others that
// nobody remembers. And each node, rarely, begins a shuffle at a seed and links with
// the node where that leads.
//
// # Reputation
//
// A node scores peers by what they did: answered, passed a walk on, did not answer,
// lied. Scores fade. A lie is a list of peers with an announcement in it that somebody
// else has signed: no honest node passes such a one on. The list is signed, so it
// proves the lie to everybody; who is shown it shuns the liar and shows it to its
// neighbours. That is why lists do not travel on walks, but go from one partner to the
// other. Nothing else has a node shunned: what has expired may have been long on its
// way, and clocks may be wrong.
//
// What others report counts a fifth at most of what is seen oneself, less by the
// standing of who reports, and nothing from strangers; it decides whom a node prefers,
// never whom it shuns. So no stranger ruins a good name, and no number of them does.
//
// # Other protocols on the node
//
// Announced: PeerUp when a link stands (and PeerBack, if the peer had failed), PeerLeft
// when it is given up or the peer leaves, PeerFailed when the peer does not answer,
// unless a failure detector runs on the node. Heard: its PeerFailed, upon which the
// peer leaves all views at once and is replaced, and PeerBack.
//
// Gossip with peers: membership talks to neighbours alone then.
//
// # Differences to the papers
//
//   - Links are datagrams, not TCP connections: a crash is noticed by silence, and
//     both ends of a link are kept in step by keep-alives.
//   - Nodes have degree_min to degree_max neighbours instead of a fixed number.
//   - The walk of a shuffle carries no list; see Reputation. It costs one message more.
//   - A full passive view drops its oldest entry, not first those that were sent: an
//     announcement has an age.
//   - In a swap the sum of all four must be better, and the candidate's farthest
//     neighbour measures instead of asking an oracle.
//
// # Memory
//
// A node with default views takes less than 900 bytes. It holds pointers to
// announcements, and nodes of one simulation share those: three of each node, of 96
// bytes, are in use at a time. (The kernel's own share is another 1.4 KB a node: five
// timers, and what is in flight.) Signs of life, most of the traffic, allocate
// nothing. Nothing grows with the square of the mesh but the links of a full view.
//
// Left out: NAT traversal, addresses (a node's identity is its address), tombstones
// of who has left (what others still know of it fades within a lifetime).
package discovery
