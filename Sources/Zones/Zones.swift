// Zones: makes records from a catalog, keeps the registry, publishes compiled tables.
//
//   Cluster/     the Kubernetes DNS schema 1.1.0, object by object; each file is a pure function of the catalog
//     ClusterSettings   what the `kubernetes` word decides
//     ServiceView       one Service with its endpoints, every rule of readiness and labels applied
//     ServiceRecords    the names of a Service and its endpoints, told in numbers
//     PodRecords, NamespaceRecords, ApexRecords, IngressRecords
//     ReverseNames      in-addr.arpa and ip6.arpa names of an address
//   Registry/    what is served now
//     ClusterZones      applies a change: records of the touched names before and after, compared; serials; the new table
//     ReverseIndex      which Services claim an address, for PTR; AddressTable: the claims in eight octets each
//     NameTree          which empty non-terminals lie above the reverse names
//     Registry          the actor around it: the last good state, how old it is, publishing
//   Printing/    records as zone file lines, by libldns
//
// A catalog change walks ClusterCatalog → Registry.apply → ClusterZones.apply → AnswerTableBuilder → Published.
