package network

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseRange(t *testing.T) {
	for cidr, want := range map[string]string{
		"192.0.2.0/24":         "192.0.2.0/24",
		"192.0.2.77/24":        "192.0.2.0/24",
		" 192.0.2.1/32 ":       "192.0.2.1/32",
		"0.0.0.0/0":            "0.0.0.0/0",
		"2001:DB8::1/32":       "2001:db8::/32",
		"::/0":                 "::/0",
		"::ffff:192.0.2.9/120": "192.0.2.0/24",
		"::ffff:0:0/96":        "0.0.0.0/0",
		"::ffff:192.0.2.9/64":  "::/64",
	} {
		if p, err := ParseRange(cidr); err != nil || p.String() != want {
			t.Errorf("%s: %s (%v), not %s", cidr, p, err, want)
		}
	}
	for _, cidr := range []string{"", "192.0.2.0", "192.0.2.0/33", "2001:db8::/129", "192.0.2/24", "fe80::1%eth0/64", "x/1", "1.2.3.4/-1", "1.2.3.4/08"} {
		if p, err := ParseRange(cidr); err == nil {
			t.Errorf("%q: read as %s", cidr, p)
		} else if !strings.Contains(err.Error(), fmt.Sprintf("%q", cidr)) {
			t.Errorf("%q: %v", cidr, err)
		}
	}
}

func FuzzParseRange(f *testing.F) {
	for _, cidr := range []string{"192.0.2.77/24", "2001:db8::/32", "::ffff:192.0.2.9/120", "::ffff:1.2.3.4/90", "1.2.3.4/33"} {
		f.Add(cidr)
	}
	f.Fuzz(func(t *testing.T, cidr string) {
		p, err := ParseRange(cidr)
		if err != nil {
			return
		}
		again, err := ParseRange(p.String())
		if err != nil || again != p || p != p.Masked() {
			t.Fatalf("%q is %s and then %s (%v)", cidr, p, again, err)
		}
		for _, a := range Areas([][]netip.Prefix{{p}}) {
			if Contains([]netip.Prefix{p}, a.Example) != (len(a.In) == 1) {
				t.Fatalf("%q: %+v", cidr, a)
			}
		}
	})
}

func ranges(t *testing.T, cidrs ...string) []netip.Prefix {
	t.Helper()
	list := []netip.Prefix{}
	for _, cidr := range cidrs {
		p, err := ParseRange(cidr)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}

func TestContains(t *testing.T) {
	list := ranges(t, "192.0.2.0/24", "2001:db8::/32")
	for address, want := range map[string]bool{
		"192.0.2.255": true, "192.0.3.0": false, "::ffff:192.0.2.1": true, "2001:db8::1": true, "2001:db8::1%eth0": true, "2001:db9::": false,
	} {
		if got := Contains(list, netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
	if Contains(list, netip.Addr{}) || Contains(nil, netip.MustParseAddr("::")) {
		t.Error("nothing is in nothing")
	}
	if Contains(ranges(t, "::/0"), netip.MustParseAddr("192.0.2.1")) {
		t.Error("IPv6 has IPv4")
	}
	if !Contains([]netip.Prefix{netip.MustParsePrefix("::ffff:192.0.2.1/120")}, netip.MustParseAddr("192.0.2.9")) {
		t.Error("a range that ParseRange has not read is another")
	}
}

func TestAreas(t *testing.T) {
	for _, test := range []struct {
		locations [][]netip.Prefix
		want      string
	}{
		{nil, `[] 0.0.0.0`},
		{[][]netip.Prefix{{}, {}}, `[] 0.0.0.0`},
		{[][]netip.Prefix{ranges(t, "192.0.2.0/24"), ranges(t, "192.0.2.128/25", "2001:db8::/32")},
			`[] 0.0.0.0, [0] 192.0.2.0, [0 1] 192.0.2.128, [1] 2001:db8::`},
		{[][]netip.Prefix{ranges(t, "0.0.0.0/0")}, `[] ::, [0] 0.0.0.0`},
		{[][]netip.Prefix{ranges(t, "0.0.0.0/0", "::/0")}, `[0] 0.0.0.0`},
		{[][]netip.Prefix{ranges(t, "0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1")}, `[0] 0.0.0.0`},
		// The two halves leave nothing of the whole, in whatever order.
		{[][]netip.Prefix{ranges(t, "10.0.0.128/25"), ranges(t, "10.0.0.0/24"), ranges(t, "10.0.0.0/25")},
			`[] 0.0.0.0, [0 1] 10.0.0.128, [1 2] 10.0.0.0`},
		{[][]netip.Prefix{ranges(t, "255.255.255.0/24"), ranges(t, "255.255.255.255/32", "255.255.255.0/25")},
			`[] 0.0.0.0, [0] 255.255.255.128, [0 1] 255.255.255.0`},
		// The same range twice, in one location and in two.
		{[][]netip.Prefix{ranges(t, "10.0.0.0/8", "10.1.0.0/8"), ranges(t, "10.0.0.0/8", "10.2.0.0/16")}, `[] 0.0.0.0, [0 1] 10.0.0.0`},
		// An IPv6 range never has the IPv4 addresses, however they are written.
		{[][]netip.Prefix{ranges(t, "::fffe:0:0/95"), ranges(t, "::fffe:0:0/96"), ranges(t, "::ffff:10.0.0.0/104")},
			`[] 0.0.0.0, [0 1] ::fffe:0:0, [2] 10.0.0.0`},
		{[][]netip.Prefix{ranges(t, "::fffe:0:0/94"), ranges(t, "::fffc:0:0/95", "::fffe:0:0/96")}, `[] 0.0.0.0, [0 1] ::fffc:0:0`},
		{[][]netip.Prefix{ranges(t, "::/0"), ranges(t, "::/81", "0:0:0:0:1::/80")}, `[] 0.0.0.0, [0] ::8000:0:0, [0 1] ::`},
		{[][]netip.Prefix{{{}}}, `[] 0.0.0.0`},
	} {
		var got []string
		for _, a := range Areas(test.locations) {
			got = append(got, fmt.Sprint(a.In, " ", a.Example))
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%v\n got %s\nwant %s", test.locations, strings.Join(got, ", "), test.want)
		}
	}
}

// number is an address as a number, IPv6 above IPv4.
func number(a netip.Addr) *big.Int {
	n := new(big.Int).SetBytes(a.AsSlice())
	if a.Is6() {
		n.Add(n, new(big.Int).Lsh(big.NewInt(1), 128))
	}
	return n
}

// bruteForce cuts the numbers of all addresses wherever a range begins or ends, and asks of every piece who has it.
func bruteForce(locations [][]netip.Prefix) map[string]bool {
	one := big.NewInt(1)
	span := func(p netip.Prefix) (from, to *big.Int) { // to is beyond
		from = number(p.Addr())
		return from, new(big.Int).Add(from, new(big.Int).Lsh(one, uint(p.Addr().BitLen()-p.Bits())))
	}
	all := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0"), netip.MustParsePrefix("::ffff:0:0/96")}
	var cuts []*big.Int
	for _, list := range append(slices.Clone(locations), all) {
		for _, p := range list {
			from, to := span(p)
			cuts = append(cuts, from, to)
		}
	}
	within := func(p netip.Prefix, n *big.Int) bool {
		from, to := span(p)
		return n.Cmp(from) >= 0 && n.Cmp(to) < 0
	}
	found := map[string]bool{}
	for _, n := range cuts {
		if !within(all[0], n) && !within(all[1], n) || within(all[2], n) {
			continue
		}
		in := []int{}
		for i, list := range locations {
			if slices.ContainsFunc(list, func(p netip.Prefix) bool { return within(p, n) }) {
				in = append(in, i)
			}
		}
		found[fmt.Sprint(in)] = true
	}
	return found
}

func TestAreasAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	rounds := 4000
	if testing.Short() {
		rounds = 400
	}
	for range rounds {
		locations := make([][]netip.Prefix, r.IntN(5))
		for i := range locations {
			for range r.IntN(7) {
				// Few bits vary, at the start, around the end and around IPv4 in IPv6, so that ranges meet and fill each other.
				var p netip.Prefix
				few := byte(r.IntN(8))
				switch r.IntN(5) {
				case 0:
					p = netip.PrefixFrom(netip.AddrFrom4([4]byte{few << 5}), r.IntN(4))
				case 1:
					p = netip.PrefixFrom(netip.AddrFrom4([4]byte{255, 255, 255, 0xf8 | few}), 29+r.IntN(4))
				case 2:
					p = netip.PrefixFrom(netip.AddrFrom16([16]byte{0: few << 5}), r.IntN(4))
				case 3:
					p = netip.PrefixFrom(netip.AddrFrom16([16]byte{10: 0xff, 11: 0xf8 | few}), 92+r.IntN(5))
				case 4:
					p = netip.PrefixFrom(netip.AddrFrom16([16]byte{10: 0xff, 11: 0xff, 12: few << 5}), 95+r.IntN(5))
				}
				p, err := ParseRange(p.String())
				if err != nil {
					t.Fatal(err)
				}
				locations[i] = append(locations[i], p)
			}
		}
		want := bruteForce(locations)
		areas := Areas(locations)
		for _, a := range areas {
			in := []int{}
			for i, list := range locations {
				if Contains(list, a.Example) {
					in = append(in, i)
				}
			}
			if fmt.Sprint(in) != fmt.Sprint(a.In) || !want[fmt.Sprint(in)] {
				t.Fatalf("%v: %+v, but it is in %v", locations, a, in)
			}
		}
		if len(areas) != len(want) {
			t.Fatalf("%v: %v, not %v", locations, areas, want)
		}
	}
}

func TestAreasOfManyRanges(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	locations := make([][]netip.Prefix, 25)
	for i := range locations {
		for range 2000 {
			n := r.Uint32()
			a := netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
			locations[i] = append(locations[i], netip.PrefixFrom(a, 8+r.IntN(25)).Masked())
		}
	}
	start := time.Now()
	areas := Areas(locations)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("%d areas took %s", len(areas), took)
	} else {
		t.Log(len(areas), "areas in", took)
	}
}
