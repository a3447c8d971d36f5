package observe

import "runtime/debug"

// Build is what this program was built from.
type Build struct {
	Revision string // of the source, shortened; "unknown" outside of a checkout
	Modified bool   // the source had changes that were not committed
	Go       string // version of the toolchain
}

// ReadBuild asks the running binary.
func ReadBuild() Build {
	build := Build{Revision: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return build
	}
	build.Go = info.GoVersion
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			build.Revision = setting.Value[:min(12, len(setting.Value))]
		case "vcs.modified":
			build.Modified = setting.Value == "true"
		}
	}
	return build
}
