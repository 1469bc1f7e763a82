// The one list of everything that can be asked of a gateway, chapter by chapter.

enum RouteTable {
    static let routes: [Route] =
        exportRoutes + systemRoutes + runRoutes + recordRoutes + signalRoutes + agentRoutes
        + hostingRoutes + lawRoutes + marketRoutes
        + licenceRoutes + teamRoutes + quoteRoutes + discoveryRoutes + ledgerRoutes
        + committeeRoutes + submissionRoutes + logRoutes + fileRoutes
}
