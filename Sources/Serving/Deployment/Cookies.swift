import DNS
import Plugins

/// How often the secret of server cookies changes. Cookies of the one before stay good until the next change
/// (RFC 9018 §5).
private let cookieLife = Duration.seconds(86_400)

/// Takes a new secret once a day, until it is cancelled.
func rollCookies(_ cookies: Published<CookieSecrets>) -> Task<Void, Never> {
    Task {
        var source = SystemRandomNumberGenerator()
        while true {
            do { try await Task.sleep(for: cookieLife) } catch { return }
            var secrets = cookies.value
            secrets.roll(to: CookieSecret(using: &source))
            cookies.replace(secrets)
        }
    }
}
