/** Spring Boot's view of the component. It works with Boot 3.5 and 4 alike: nothing here is of one of them alone. */
package io.camelrump.boot;
