// ClusterCatalog: from files to Kubernetes objects, checked, and to what changed about them.
//
//   Folder/      CatalogFolder runs a thread: FolderLoop waits for events, FolderState takes one step at a time:
//                  +Events     finds out which files to read; who writes one is waited for
//                  +Listing    looks through a root; FolderListing resolves a ConfigMap's `..data` once
//                  +Reading    FileBytes reads, contentHash compares, PieceMatch finds the pieces that are new
//                  +Parsing    parses those alone
//                  +Retention  keeps what broken, empty or missing input would take away
//                  +Report     asks ObjectLedger what changed, and says what is wrong: one CatalogUpdate
//   Decoding/    ObjectDecoder makes objects of one piece, one file for each kind; what is wrong with an object is
//                collected with its place, and only that object is left out. ObjectPacker comes before it: it packs
//                the ordinary Service, slice, Pod or Namespace straight from the document and leaves it all others
//   Objects/     the objects as DNS needs them; names, labels and selectors
//   Packing/     a CatalogObject holds one of them in some hundred octets: ObjectWriter packs, ObjectReader unpacks
//   Store/       Catalog holds them packed, NameTable finds them; `endpointSet` is the one place that knows where
//                endpoints come from. CatalogSource is what a folder, a real cluster and a test have in common
//   Clients/     what the resolver of a Pod is told: PodDNS (its manifest) and HostResolver (its node) make
//                ResolverSettings by the kubelet's rules. Apart from the catalog: nothing of it is served
//
// A change travels one way: file, pieces, objects, CatalogChange, Catalog. Who owns the Catalog is another room's
// concern.
