/// The version of this program, as `--version`, metrics and `chaos` tell it.
public let clusterDNSVersion = "0.1.0"
