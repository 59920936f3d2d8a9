import ArgumentParser
import Plugins

struct PluginWords: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugins",
        abstract: "List the words that a server block may hold, as \"coredns -plugins\" does.")

    func run() throws {
        for plugin in PluginList.all.filter(\.isSupported).sorted(by: { $0.word < $1.word }) {
            print("dns.\(plugin.word)")
        }
    }
}
