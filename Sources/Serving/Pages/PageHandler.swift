import NIOCore
import NIOHTTP1

/// Answers the requests of one HTTP connection.
final class PageHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let page: (_ path: String) -> Page?
    private var request: HTTPRequestHead?

    init(page: @escaping (_ path: String) -> Page?) { self.page = page }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): request = head
        // Bodies mean nothing here.
        case .body: break
        case .end:
            guard let head = request.take() else { return }
            answer(head, context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let path = request.uri.prefix { $0 != "?" }
        let (page, headers) = response(to: request.method, page(String(path)))
        var head = HTTPResponseHead(
            version: request.version, status: HTTPResponseStatus(statusCode: page.status), headers: headers)
        head.headers.add(name: "content-type", value: page.contentType)
        head.headers.add(name: "content-length", value: "\(page.body.utf8.count)")
        if !request.isKeepAlive { head.headers.add(name: "connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: page.body)))), promise: nil)
        }
        let sent = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        guard !request.isKeepAlive else { return }
        sent.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    }

    private func response(to method: HTTPMethod, _ page: Page?) -> (Page, HTTPHeaders) {
        guard let page else { return (Page("404 page not found\n", status: 404), [:]) }
        guard method == .GET || method == .HEAD else {
            return (Page("405 method not allowed\n", status: 405), ["allow": "GET, HEAD"])
        }
        return (page, [:])
    }
}
