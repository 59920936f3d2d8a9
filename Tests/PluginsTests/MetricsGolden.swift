/// The page of a registry that was fed by `thePageIsTheGoldenText`; COMPILER stands for the one that built it.
let goldenMetricsPage = """
    # HELP coredns_build_info 1; version of ClusterDNS, source revision, and the compiler under the label that dashboards know.
    # TYPE coredns_build_info gauge
    coredns_build_info{version="0.2.0",revision="abc1234",goversion="COMPILER"} 1
    # HELP coredns_cache_drops_total Answers of upstreams that did not fit their question.
    # TYPE coredns_cache_drops_total counter
    coredns_cache_drops_total{server="dns://:53",zones=".",view=""} 0
    # HELP coredns_cache_entries Answers in the cache.
    # TYPE coredns_cache_entries gauge
    coredns_cache_entries{server="dns://:53",type="denial",zones=".",view=""} 2
    coredns_cache_entries{server="dns://:53",type="success",zones=".",view=""} 10
    # HELP coredns_cache_evictions_total Answers that left the cache for want of room.
    # TYPE coredns_cache_evictions_total counter
    coredns_cache_evictions_total{server="dns://:53",type="denial",zones=".",view=""} 0
    coredns_cache_evictions_total{server="dns://:53",type="success",zones=".",view=""} 1
    # HELP coredns_cache_hits_total Queries answered from the cache.
    # TYPE coredns_cache_hits_total counter
    coredns_cache_hits_total{server="dns://:53",type="denial",zones=".",view=""} 20
    coredns_cache_hits_total{server="dns://:53",type="success",zones=".",view=""} 100
    # HELP coredns_cache_misses_total Queries that the cache could not answer.
    # TYPE coredns_cache_misses_total counter
    coredns_cache_misses_total{server="dns://:53",zones=".",view=""} 30
    # HELP coredns_cache_prefetch_total Answers that were renewed before they ran out.
    # TYPE coredns_cache_prefetch_total counter
    coredns_cache_prefetch_total{server="dns://:53",zones=".",view=""} 3
    # HELP coredns_cache_requests_total Queries that met the cache.
    # TYPE coredns_cache_requests_total counter
    coredns_cache_requests_total{server="dns://:53",zones=".",view=""} 150
    # HELP coredns_cache_served_stale_total Queries answered with an answer that had run out.
    # TYPE coredns_cache_served_stale_total counter
    coredns_cache_served_stale_total{server="dns://:53",zones=".",view=""} 2
    # HELP coredns_dns_do_requests_total Queries with the DO bit.
    # TYPE coredns_dns_do_requests_total counter
    coredns_dns_do_requests_total{server="dns://:53",zone="cluster.local.",view=""} 1
    # HELP coredns_dns_request_duration_seconds Time from a query's arrival to its answer.
    # TYPE coredns_dns_request_duration_seconds histogram
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="0.00025"} 0
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="0.0005"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="0.001"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="0.002"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="0.004"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="0.008"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="0.016"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="0.032"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="0.064"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="0.128"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="0.256"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="0.512"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="1.024"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="2.048"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="4.096"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="8.192"} 4
    coredns_dns_request_duration_seconds_bucket{server="dns://:53",zone="cluster.local.",view="",le="+Inf"} 4
    coredns_dns_request_duration_seconds_sum{server="dns://:53",zone="cluster.local.",view=""} 0.001000004
    coredns_dns_request_duration_seconds_count{server="dns://:53",zone="cluster.local.",view=""} 4
    # HELP coredns_dns_request_size_bytes Size of queries.
    # TYPE coredns_dns_request_size_bytes histogram
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="0"} 0
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="100"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="200"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="300"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="400"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="511"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="1023"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="2047"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="4095"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="8291"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="16000"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="32000"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="48000"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="64000"} 4
    coredns_dns_request_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="+Inf"} 4
    coredns_dns_request_size_bytes_sum{server="dns://:53",zone="cluster.local.",view="",proto="udp"} 240
    coredns_dns_request_size_bytes_count{server="dns://:53",zone="cluster.local.",view="",proto="udp"} 4
    # HELP coredns_dns_requests_total Queries, by zone, transport, address family (1 is IPv4, 2 is IPv6) and type.
    # TYPE coredns_dns_requests_total counter
    coredns_dns_requests_total{server="dns://:53",zone="cluster.local.",view="",proto="udp",family="1",type="A"} 2
    coredns_dns_requests_total{server="dns://:53",zone="cluster.local.",view="",proto="udp",family="1",type="AAAA"} 1
    coredns_dns_requests_total{server="dns://:53",zone="cluster.local.",view="",proto="udp",family="1",type="other"} 1
    # HELP coredns_dns_response_size_bytes Size of answers.
    # TYPE coredns_dns_response_size_bytes histogram
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="0"} 0
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="100"} 0
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="200"} 0
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="300"} 0
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="400"} 0
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="511"} 0
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="1023"} 4
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="2047"} 4
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="4095"} 4
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="8291"} 4
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="16000"} 4
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="32000"} 4
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="48000"} 4
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="64000"} 4
    coredns_dns_response_size_bytes_bucket{server="dns://:53",zone="cluster.local.",view="",proto="udp",le="+Inf"} 4
    coredns_dns_response_size_bytes_sum{server="dns://:53",zone="cluster.local.",view="",proto="udp"} 2048
    coredns_dns_response_size_bytes_count{server="dns://:53",zone="cluster.local.",view="",proto="udp"} 4
    # HELP coredns_dns_responses_total Answers, by response code and the plugin that made them.
    # TYPE coredns_dns_responses_total counter
    coredns_dns_responses_total{server="dns://:53",zone="cluster.local.",view="",rcode="NOERROR",plugin="kubernetes"} 3
    coredns_dns_responses_total{server="dns://:53",zone="cluster.local.",view="",rcode="NXDOMAIN",plugin="kubernetes"} 1
    # HELP coredns_panics_total Always 0: a fault ends the process, see process_start_time_seconds.
    # TYPE coredns_panics_total counter
    coredns_panics_total 0
    # HELP coredns_plugin_enabled 1 for each plugin of a server block.
    # TYPE coredns_plugin_enabled gauge
    coredns_plugin_enabled{server="dns://:53",zone="cluster.local.",view="",name="errors"} 1
    coredns_plugin_enabled{server="dns://:53",zone="cluster.local.",view="",name="kubernetes"} 1
    """
