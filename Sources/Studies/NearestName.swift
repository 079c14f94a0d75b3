/// The name in `names` that `text` most likely misspells: the one fewest edits away, if these are at most a third of its length (or 2).
package func nearestName(to text: String, in names: [String]) -> String? {
    let letters = Array(text.lowercased())
    // A name whose length is too far from the text's is never near. Else a long text, from a file or a script, would take minutes.
    let distances = names.lazy.map { (name: $0, letters: Array($0.lowercased())) }
        .filter { abs($0.letters.count - letters.count) <= max(2, $0.letters.count / 3) }
        .map { (name: $0.name, distance: editDistance(letters, $0.letters)) }
    guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    // Short names are few edits apart whatever they are, so the limit also lies below their length (1 for a single character).
    return best.distance <= max(2, best.name.count / 3) && best.distance < max(2, min(text.count, best.name.count)) ? best.name : nil
}

/// Levenshtein's distance: the least number of characters to insert, delete or replace to turn `a` into `b`.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var previous = Array(0...b.count)
    for (i, left) in a.enumerated() {
        var current = [i + 1]
        for (j, right) in b.enumerated() {
            current.append(min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left == right ? 0 : 1)))
        }
        previous = current
    }
    return previous[b.count]
}
