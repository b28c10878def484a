package main

import "testing"

func TestPagesAreInStep(t *testing.T) {
	if err := run("../..", true); err != nil {
		t.Error(err)
	}
}

func TestNaturalOrder(t *testing.T) {
	for _, pair := range [][2]string{{"5.1.6.2", "5.1.10.1"}, {"AC-3", "AC-21b"}, {"G02", "G10"}} {
		if natural(pair[0], pair[1]) >= 0 || natural(pair[1], pair[0]) <= 0 || natural(pair[0], pair[0]) != 0 {
			t.Errorf("%v", pair)
		}
	}
}

func TestFillNeedsItsMarkers(t *testing.T) {
	if _, err := fill([]byte("no marker"), "rules", "x"); err == nil {
		t.Error("no error")
	}
}
