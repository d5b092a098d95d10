package main

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func build(t *testing.T, script, folder, out string) []byte {
	t.Helper()
	command := exec.Command(script, out)
	command.Dir = folder
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	binary, err := os.ReadFile(filepath.Join(folder, out))
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

func TestTheBuildIsAStaticBinaryFor32BitX86AndTheSameFromAnywhere(t *testing.T) {
	script, err := filepath.Abs("build.sh")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	binary := build(t, script, folder, "guest-tools")

	file, err := elf.NewFile(bytes.NewReader(binary))
	if err != nil {
		t.Fatal(err)
	}
	if file.Machine != elf.EM_386 || file.Type != elf.ET_EXEC {
		t.Errorf("machine %s, type %s", file.Machine, file.Type)
	}
	// The README says how large it is, and a data CD is made with it at each rebuild.
	if len(binary) > 7_500_000 {
		t.Errorf("the binary has %d bytes", len(binary))
	}
	for _, segment := range file.Progs {
		if segment.Type == elf.PT_INTERP || segment.Type == elf.PT_DYNAMIC {
			t.Errorf("the binary is not static: it has a segment %s", segment.Type)
		}
	}

	// A copy of the sources elsewhere, and settings of the person who builds, change nothing.
	copied := filepath.Join(folder, "copy")
	if output, err := exec.Command("cp", "-R", filepath.Dir(script), copied).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	t.Setenv("GOFLAGS", "-tags=netcgo")
	t.Setenv("GO386", "softfloat")
	if !bytes.Equal(build(t, filepath.Join(copied, "build.sh"), folder, "again"), binary) {
		t.Error("the same sources gave other bytes")
	}
}

// The oldest Go that has to do is Debian 12's, which test.sh installs there.
func TestEachGoOfDebiansBuildsIt(t *testing.T) {
	compilers, err := filepath.Glob("/usr/lib/go-*/bin/go")
	if err != nil {
		t.Fatal(err)
	}
	if len(compilers) == 0 {
		t.Fatal("there is none in /usr/lib: apt-get install golang-go")
	}
	script, err := filepath.Abs("build.sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, compiler := range compilers {
		t.Setenv("PATH", filepath.Dir(compiler)+":"+os.Getenv("PATH"))
		t.Setenv("GOROOT", "")
		t.Setenv("GOTOOLCHAIN", "local")
		build(t, script, t.TempDir(), "guest-tools")
	}
}

func TestTheBuildSaysHowItIsCalled(t *testing.T) {
	output, err := exec.Command("./build.sh").CombinedOutput()
	failure, ok := err.(*exec.ExitError)
	if !ok || failure.ExitCode() != 2 || string(output) != "usage: build.sh OUT\n" {
		t.Fatalf("%v: %q", err, output)
	}
}
