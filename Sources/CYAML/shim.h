// The door to libyaml 0.2: its event parser reads YAML for SourceText.
#include <yaml.h>
