// Package protocoltest tests protocols without a simulator.
//
// [TestProtocol] is the conformance suite: the laws that every node keeps, such
// as that equal inputs have equal effects, that no Env is kept, and that no
// bytes make Decode panic. It records runs of the protocol in a [Cluster] and
// makes their calls again under other conditions. A protocol's test names the
// inputs that make it send messages of all its kinds:
//
//	func TestLaws(t *testing.T) {
//		protocoltest.TestProtocol(t, gossip.New(gossip.Default()), protocoltest.Setup{
//			Inputs: []protocoltest.Input{{At: time.Second, To: 0, Message: gossip.NewPublish([]byte("news"))}},
//		})
//	}
//
// [Conversation] holds scripted conversations of a few nodes against golden
// text: they are tests, and documents of what a protocol does.
//
// [Cluster] runs the nodes of one protocol on a network of constant latency,
// for tests of what only shows with many nodes, such as a published figure.
//
// The suite is tested itself with faulty nodes, each of which breaks one law.
package protocoltest
