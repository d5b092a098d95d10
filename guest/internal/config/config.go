// Package config reads the guest tools' configuration file.
package config

import (
	"errors"
	"fmt"
	"io"
	"os"

	"gopkg.in/yaml.v3"
)

// Config is what the author of an image lays down for every task that runs in it. The zero value changes nothing.
type Config struct {
	Entrypoint []string          `yaml:"entrypoint"` // a command that is given the task's command as its arguments
	Env        map[string]string `yaml:"env"`        // goes over the tools' own environment and under the task's
	Shell      []string          `yaml:"shell"`      // what an interactive shell starts when no command is given
	User       string            `yaml:"user"`       // who runs task and shells; default: who runs the tools
	Workdir    string            `yaml:"workdir"`    // where they start; default: the user's home
}

// Load reads a configuration from a YAML file. An unknown key is an error: it is a misspelt one.
func Load(path string) (Config, error) {
	file, err := os.Open(path)
	if err != nil {
		return Config{}, err
	}
	defer file.Close()

	var config Config
	decoder := yaml.NewDecoder(file)
	decoder.KnownFields(true)
	if err := decoder.Decode(&config); err != nil && !errors.Is(err, io.EOF) { // io.EOF: the file is empty
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	return config, nil
}
