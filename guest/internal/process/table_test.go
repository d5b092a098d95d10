package process

import (
	"os"
	"reflect"
	"testing"
)

// middle is what stands between a process's session and its number of threads.
const middle = " 34816 6 4194304 1 2 3 4 5 6 7 8 20 0 "

func TestAProcessIsReadWhateverItsNameIs(t *testing.T) {
	for _, name := range []string{"sh", "two words", ") Z 1 1 1", "(((", "line\nfeed"} {
		got, err := parseEntry("12 (" + name + ") S 3 4 5" + middle + "1 0 777 9 9\n")
		want := entry{identity: identity{pid: 12, start: 777}, parent: 3, session: 5}
		if err != nil || got != want {
			t.Errorf("%q: got %+v, %v", name, got, err)
		}
	}
}

func TestADeadProcessIsToldFromOneWhoseFirstThreadIsDead(t *testing.T) {
	for threads, dead := range map[string]bool{"1": true, "2": false} {
		got, err := parseEntry("12 (sh) Z 3 4 5" + middle + threads + " 0 777\n")
		if err != nil || got.dead != dead {
			t.Errorf("%s threads: got %+v, %v", threads, got, err)
		}
	}
}

func TestWhatIsNoProcessIsAnError(t *testing.T) {
	for _, stat := range []string{"", "12", "12 (sh) S 3", "x (sh) S 3 4 5" + middle + "1 0 777"} {
		if got, err := parseEntry(stat); err == nil {
			t.Errorf("%q became %+v", stat, got)
		}
	}
}

func TestTheTableHasThisProcess(t *testing.T) {
	table, err := readTable()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range table {
		if e.pid == os.Getpid() {
			if e.parent != os.Getppid() || e.session != ownSession() || e.dead {
				t.Fatalf("got %+v", e)
			}
			return
		}
	}
	t.Fatal("it is missing")
}

func TestDescendantsStandBeforeTheirParentsWithoutTheDead(t *testing.T) {
	process := func(pid, parent int) entry { return entry{identity: identity{pid: pid}, parent: parent} }
	dead := process(5, 3)
	dead.dead = true
	table := []entry{process(1, 0), process(2, 1), process(3, 2), process(4, 1), dead, process(6, 5), process(7, 7)}
	var got []int
	for _, e := range withDescendants(table, func(e entry) bool { return e.pid == 2 || e.pid == 3 || e.pid == 7 }) {
		got = append(got, e.pid)
	}
	if want := []int{6, 3, 2, 7}; !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v, expected %v", got, want)
	}
}
