package cpuset

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		"":               "",
		"0":              "0",
		"0-3,8,10-15":    "0-3,8,10-15",
		"0-3,^2":         "0-1,3",
		"0-7,^4-5":       "0-3,6-7",
		"^2,0-3":         "0-3", // an exclusion counts only for what stands before it
		"4,12":           "4,12",
		"3,2,1":          "1-3",
		" 0-1 , 8-9 \n":  "0-1,8-9",
		"0-15:2/4":       "0-1,4-5,8-9,12-13",
		"63-64,127-128":  "63-64,127-128",
		"0-3,^0-3":       "",
		"64,^64":         "",
		"0-31,64-95,^90": "0-31,64-89,91-95",
	} {
		s, err := Parse(in)
		if err != nil || s.String() != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", in, s, err, want)
		}
	}
	for in, want := range map[string]string{
		"4-":         "`4-` is not a processor or a range of processors such as `4-7`",
		"-4":         "`-4` is not a processor or a range of processors such as `4-7`",
		"4..7":       "`4..7` is not a processor or a range of processors such as `4-7`",
		"7-4":        "the range `7-4` of processors ends before it begins",
		"0,,1":       "`` is not a processor or a range of processors such as `4-7`",
		"all":        "`all` is not a processor or a range of processors such as `4-7`",
		"0-99999999": "processor 99999999 is too high: no machine has more than 16384",
		"0-3:2":      "`0-3:2` is not a range of processors such as `0-15:2/4`",
		"0-3:2/0":    "`0-3:2/0` does not select part of a group of processors",
		"0-3:4/2":    "`0-3:4/2` does not select part of a group of processors",
	} {
		if _, err := Parse(in); err == nil || err.Error() != want {
			t.Errorf("Parse(%q): %v\nwant %s", in, err, want)
		}
	}
}

// Sets are compared with maps.
func TestAlgebra(t *testing.T) {
	random := func() (Set, map[int]bool) {
		m := map[int]bool{}
		var cpus []int
		for range rand.IntN(40) {
			c := rand.IntN(200)
			m[c] = true
			cpus = append(cpus, c)
		}
		return Of(cpus...), m
	}
	for range 500 {
		a, am := random()
		b, bm := random()
		both, either, only := map[int]bool{}, map[int]bool{}, map[int]bool{}
		for c := range am {
			either[c] = true
			if bm[c] {
				both[c] = true
			} else {
				only[c] = true
			}
		}
		for c := range bm {
			either[c] = true
		}
		for name, tt := range map[string]struct {
			s Set
			m map[int]bool
		}{"and": {a.And(b), both}, "or": {a.Or(b), either}, "minus": {a.Minus(b), only}} {
			if tt.s.Len() != len(tt.m) {
				t.Fatalf("%s of %s and %s: %s", name, a, b, tt.s)
			}
			for c := range tt.s.All() {
				if !tt.m[c] || !tt.s.Has(c) {
					t.Fatalf("%s of %s and %s: %s", name, a, b, tt.s)
				}
			}
			if !MustParse(tt.s.String()).Equal(tt.s) {
				t.Fatalf("%s does not parse back", tt.s)
			}
		}
		if a.Overlaps(b) != (len(both) > 0) || a.Contains(b) != (len(both) == len(bm)) || a.Empty() != (len(am) == 0) {
			t.Fatalf("%s and %s", a, b)
		}
	}
}

func TestSmall(t *testing.T) {
	if s := Of(-1, Max+1, 5); s.String() != "5" || s.First() != 5 {
		t.Error(s)
	}
	if (Set{}).First() != -1 || (Set{}).Has(0) || (Set{}).Has(-1) {
		t.Error("the empty set has a first processor")
	}
	if got := MustParse("1,5-6").Slice(); !slices.Equal(got, []int{1, 5, 6}) {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0-3,^2", "0-15:2/4", "4-", "99999999999999999999", "0-16383:1/2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, list string) {
		s, err := Parse(list)
		if err != nil {
			return
		}
		again, err := Parse(s.String())
		if err != nil || !again.Equal(s) {
			t.Fatalf("%q is %q, which is %q, %v", list, s, again, err)
		}
	})
}
