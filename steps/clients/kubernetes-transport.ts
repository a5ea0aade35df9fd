// The two classes that we use of a very large package: imported by name, so that the bundler can leave the rest out.
export { IsomorphicFetchHttpLibrary, RequestContext } from '@kubernetes/client-node';
