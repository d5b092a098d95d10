package process

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// entry is one process as /proc shows it.
type entry struct {
	identity
	parent, session int
	dead            bool // it has ended, and its parent has not taken note yet
}

// identity tells a process from a later one with the same number.
type identity struct {
	pid   int
	start uint64 // when it started, in clock ticks since boot
}

// readTable lists all processes. One that starts or ends meanwhile may or may not be among them.
func readTable() ([]entry, error) {
	folder, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	names, err := folder.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	var table []entry
	for _, name := range names {
		if _, err := strconv.Atoi(name); err != nil {
			continue // not a process
		}
		stat, err := os.ReadFile("/proc/" + name + "/stat")
		if err != nil {
			continue // it has ended
		}
		e, err := parseEntry(string(stat))
		if err != nil {
			return nil, fmt.Errorf("/proc/%s/stat: %w", name, err)
		}
		table = append(table, e)
	}
	return table, nil
}

// parseEntry reads a process's stat file: see proc(5), /proc/PID/stat.
func parseEntry(stat string) (e entry, err error) {
	// The second field is the program's name in parentheses, and may hold any character.
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 20 {
		return entry{}, fmt.Errorf("%q lacks fields", stat)
	}
	state, threads := fields[0], fields[17]
	// A process whose first thread has ended looks dead, but isn't while there are others.
	e.dead = (state == "Z" || state == "X") && threads == "1"
	for _, number := range []struct {
		text   string
		result *int
	}{{strings.Fields(stat)[0], &e.pid}, {fields[1], &e.parent}, {fields[3], &e.session}} {
		if *number.result, err = strconv.Atoi(number.text); err != nil {
			return entry{}, err
		}
	}
	e.start, err = strconv.ParseUint(fields[19], 10, 64)
	return e, err
}

// withDescendants picks the processes that are roots and all below them, but not the dead. Children stand before their
// parents.
func withDescendants(table []entry, isRoot func(entry) bool) []entry {
	children := map[int][]entry{}
	for _, e := range table {
		children[e.parent] = append(children[e.parent], e)
	}
	var picked []entry
	seen := map[int]bool{}
	var pick func(e entry)
	pick = func(e entry) {
		if seen[e.pid] {
			return
		}
		seen[e.pid] = true
		for _, child := range children[e.pid] {
			pick(child)
		}
		if !e.dead {
			picked = append(picked, e)
		}
	}
	for _, e := range table {
		if isRoot(e) {
			pick(e)
		}
	}
	return picked
}
