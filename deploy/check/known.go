package main

import (
	"bufio"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/internal/observe/trace"
	"github.com/jagawarga/jagawarga/internal/process"
)

// known is what really exists: in our sources, in the Dockerfile, and in the built programs.
type known struct {
	// variables are the environment variables that our programs read.
	variables map[string]bool
	// metrics are the names of the metrics that our sources register.
	metrics map[string]bool
	// programs are the targets of the Dockerfile, each with the program that it starts.
	programs map[string]string
	// natsVersion is that of the NATS server that we build in and test with.
	natsVersion string
	// next are the words that program takes after these: commands, or the values of an argument.
	next func(ctx context.Context, program string, words ...string) ([]string, error)
}

func gather(root, bin string) (known, error) {
	k := known{variables: map[string]bool{}, next: func(ctx context.Context, program string, words ...string) ([]string, error) {
		return complete(ctx, filepath.Join(bin, program), words)
	}}
	// Whatever FromEnv asks for is a variable that exists.
	_, err := process.FromEnv(func(name string) string {
		k.variables[name] = true
		return ""
	})
	if err != nil {
		return known{}, err
	}
	k.variables[trace.EnvEndpoint], k.variables[trace.EnvRatio] = true, true
	if k.metrics, err = registered(root); err != nil {
		return known{}, err
	}
	if k.programs, err = targets(filepath.Join(root, "Dockerfile")); err != nil {
		return known{}, err
	}
	k.natsVersion, err = required(filepath.Join(root, "go.mod"), "github.com/nats-io/nats-server/v2")
	return k, err
}

// complete asks a program what may follow, the way shells do (cobra answers to __complete, with a word and its description on each
// line, and a directive on the last). A program that knows nothing of that, as the walled ones, is asked for its usage.
func complete(ctx context.Context, program string, words []string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	var follow []string
	output, err := exec.CommandContext(ctx, program, slices.Concat([]string{"__complete"}, words, []string{""})...).Output()
	if err == nil {
		for line := range strings.Lines(string(output)) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			follow = append(follow, word)
		}
		return follow, nil
	}
	if output, err = exec.CommandContext(ctx, program, "--help").Output(); err != nil {
		return nil, err
	}
	line, _, _ := strings.Cut(string(output), "\n")
	known := strings.Join(append([]string{filepath.Base(program)}, words...), " ") + " "
	for way := range strings.SplitSeq(strings.TrimPrefix(line, "Usage: "), " | ") {
		if rest, ok := strings.CutPrefix(way, known); ok {
			word, _, _ := strings.Cut(rest, " ")
			follow = append(follow, word)
		}
	}
	return follow, nil
}

// answerLimit is far more than a program needs that only tells about itself.
const answerLimit = 20 * time.Second

// required reads a module's version from go.mod.
func required(path, module string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	match := regexp.MustCompile(regexp.QuoteMeta(module) + ` v(\S+)`).FindSubmatch(content)
	if match == nil {
		return "", fmt.Errorf("%s does not require %s", path, module)
	}
	return string(match[1]), nil
}

var (
	stageLine      = regexp.MustCompile(`^FROM \S+ AS (\S+)$`)
	entryPointLine = regexp.MustCompile(`^ENTRYPOINT \["/(\S+)"\]$`)
)

// targets reads the stages of the Dockerfile that start a program.
func targets(path string) (map[string]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	programs, stage := map[string]string{}, ""
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if match := stageLine.FindStringSubmatch(lines.Text()); match != nil {
			stage = match[1]
		}
		if match := entryPointLine.FindStringSubmatch(lines.Text()); match != nil {
			programs[stage] = match[1]
		}
	}
	return programs, lines.Err()
}

// registered collects the metrics of our sources: they are always written whole.
func registered(root string) (map[string]bool, error) {
	names := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "bin" || name == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok {
				if text, err := strconv.Unquote(literal.Value); err == nil && strings.HasPrefix(text, "jagawarga_") {
					names[text] = true
				}
			}
			return true
		})
		return nil
	})
	return names, err
}
