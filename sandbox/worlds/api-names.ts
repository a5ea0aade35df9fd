/** The APIs that the shop's world and the example estate agree on, by id. */
export const PRODUCTION_APIS = {
  /** REST, public, the load balancers' names in its addresses. */
  shop: 'shop00rest',
  /** REST, public, the load balancer's name in a stage variable. */
  catalog: 'catalog0re',
  /** REST, through a VPC link of the first version. */
  orders: 'orders0res',
  /** REST, through a VPC link of the second version. */
  payments: 'payments0r',
  /** REST, with edits that nobody deployed. */
  partners: 'partners0r',
  /** HTTP, through a VPC link; it deploys by itself. */
  checkout: 'checkout0h',
  /** HTTP, public. */
  storefront: 'storefron0',
  /** WebSocket, public. */
  events: 'events0web',
  /** WebSocket, through a VPC link of the first version; it deploys by itself. */
  alerts: 'alerts0web',
} as const;

/** Copies of what stands behind the custom domain name of production, in the recovery region: they answer when the region of the others is lost. */
export const STANDBY_APIS = {
  shop: 'copyshop00',
  catalog: 'copycatalo',
} as const;

/** Copies of them for drills, public ones: any region reaches the new load balancers. They stand in the recovery region. */
export const DRILL_APIS = {
  shop: 'drillshop0',
  catalog: 'drillcatal',
  storefront: 'drillstore',
  events: 'drillevent',
} as const;

/** Copies with private integrations: these reach load balancers of their own region alone, so a drill beside the primary switches them. */
export const DRILL_APIS_BESIDE = {
  orders: 'drillorder',
  payments: 'drillpayme',
  checkout: 'drillcheck',
  alerts: 'drillalert',
} as const;
