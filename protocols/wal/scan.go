package wal

// scan is what a file's frames say, as far as they are good.
type scan struct {
	head  frame
	first uint64 // number of the first record
	at    []int  // where the frames of the records begin, from the first on
	end   int    // of the good frames
}

func (s *scan) next() uint64 { return s.first + uint64(len(s.at)) }

// read scans a file up to its end or to the first frame that is bad.
func read(b []byte) scan {
	var s scan
	for s.end < len(b) {
		f, ok := parse(b[s.end:])
		if !ok || !s.take(f) {
			break
		}
		s.end += f.size()
	}
	return s
}

// take takes the next frame in, unless it has no place there.
func (s *scan) take(f frame) bool {
	switch {
	case s.end == 0:
		s.head, s.first = f, f.number+1
		return f.kind == head && s.first > 0
	case f.kind == record && f.number == s.next():
		s.at = append(s.at, s.end)
		return true
	case f.kind == cut && s.first <= f.number && f.number <= s.next():
		s.at = s.at[:f.number-s.first]
		return true
	}
	return false
}

// sector is what a device writes whole or not at all, in bytes.
const sector = 512

// torn reports that the bad frame at the end of the good ones was never written
// as a whole. If it was, it has been damaged since.
func (s *scan) torn(b []byte) bool {
	if s.end == 0 {
		return false // a head is written as a whole
	}
	rest := b[s.end:]
	if len(rest) < 8 || zeros(rest[:8]) {
		return true
	}
	_, length, ok := measure(rest)
	if !ok {
		return false
	}
	end := s.end + frameSize(length)
	return end > len(b) || unwritten(b, s.end, end)
}

// unwritten reports whether the part that lies in b[from:to] of some sector is
// zeros.
func unwritten(b []byte, from, to int) bool {
	for from < to {
		end := min(from/sector*sector+sector, to)
		if zeros(b[from:end]) {
			return true
		}
		from = end
	}
	return false
}

func zeros(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}
