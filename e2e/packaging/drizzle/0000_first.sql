CREATE TABLE `tune` (
	`id` integer PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`mode` text
);
--> statement-breakpoint
CREATE TABLE `note` (
	`id` integer PRIMARY KEY NOT NULL,
	`tune_ref` integer NOT NULL,
	`text` text NOT NULL,
	FOREIGN KEY (`tune_ref`) REFERENCES `tune`(`id`) ON UPDATE no action ON DELETE no action
);
