// What a JSON number is for a Kubernetes field: whole numbers are written without fraction and exponent.

enum JSONNumber {
    static func kind(of text: UnsafeRawBufferPointer) -> Value.Kind {
        unsafe Numeral.jsonInteger(text) == .none ? .float : .integer
    }

    static func integer(of text: UnsafeRawBufferPointer) -> Int? {
        guard case .value(let value) = unsafe Numeral.jsonInteger(text) else { return nil }
        return value
    }
}
