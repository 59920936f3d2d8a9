// Plugins: from the text of a Corefile to the plan that queries meet.
//   PluginList   every word of a server block, in the one order of the steps
//   Settings/    compileCorefile: keys, directives and options to checked `ServerBlock`s, and every mistake with its place
//   Doctor/      what a Corefile that can be read does, and what of it is likely not meant
//   Kubernetes/  Bind/  Errors/  Log/  Ready/  Health/
//                one folder for each plugin: its settings, and the table of its options
//   Plan/        from settings to the steps of a query
