package controller;

/** One step: gives its value, or what the thread is to wait for. */
interface Step {
  Object run(Call call) throws Exception;
}
